"""Given names and surnames in common use in England, folded and in lower case. Lists, not people.

The lists say which words are names on their own; names that are not here are found by the words around them.
"""

from storage.privacy.wordlists import words_of

# Given names that are nothing else.
GIVEN = words_of(
    """
aaliyah aamir aarav aaron abbie abdi abdirahman abdul abdullah abdullahi abebe abena abida abigail abner achieng
adaeze adam adebayo adeel adele adina aditya adrian adwoa afia agatha agim agnes agnieszka ahmad ahmed ahsan ahtisham
aidan aiden ailsa aiman aimee aisha aisling aiste ajay akash akinyi akua alan alana alanna alasdair alastair alban
albert albie aldous aleksandra alesha alessandro alessia alex alexander alexandra alexandru alf alfie alice alicia
alina alisha alison alistair aliyah aliza allan allegra althea amadi amanda amara amber-rose ambrose amelia amelie
amelie-rose amina amit amos amrit amy anais ananya anastacia anastasia anaya andie andrea andreea andrei andrew andriy
andrzej andy angela angelina angelique angharad angus anika anil anjali ann anna annabel annabella annabelle annalise
anne anneliese annette annie annika anthony antoine antoinette antoni antonia antony anwar anya aoife aqib arabella
araminta arben archibald archie areeba ariadne ariana arianna arif arjun arlo arthur arun ashfaq ashleigh ashlyn ashok
asif asim astrid atif atiya aubrey augusta augustus aurelia awais ayaan ayesha ayla ayodele ayse ayub babar babatunde
baljit balwinder barbara barnaby barry bartholomew bartosz baz beata beatrice beatrix ben benedict benjamin benjy
bernadette bernard bernice bertie bertram besnik beth bethan bethany betty bev bianca bilal billy birgitta bisma bjorn
blanche blerim bob bobby bogdan bozena brayden brenda brendan brian bridget bridie brigid briony bronwen bruce bryan
bryony bukola burak bushra caitlin caleb calista callum cameron camila camille caoimhe cari carl carlos carly caroline
carolyn carys caspar caspian cassandra cassie catarina catherine catriona cecil cecilia cecily cedric celia celine
cerys chanelle chantelle charlene charles charlie charlotte charmaine chelsey cheryl chiara chidi chinedu chioma chipo
chloe chris christa christabel christina christine christopher chukwu cian ciara cillian cindy ciprian claire clara
clare clarence clarissa claude claudette claudia clementine clive colette colin colleen connor conor constance
cordelia corey corina cormac cornelius cosmin cosmo costel courtney cressida crispin cristina cuthbert cynthia cyril
dafydd daljit damian damien damilola daniel daniela danielle danny danuta danyal daphne darcey darcy daria darius
darnell darragh darren darryl daryl daud dave david davina dawit deacon deanna deborah debra declan deepak deidre
deirdre delia delilah della delphine delroy denis denisa denise denise-ann dennis denzel denzil derek dermot desmond
despina dexter diana diane diego dimitri dinah dinesh divya diya dolores dominic dominik dominique donald donatella
donna donna-marie doreen doris dorota dorothea dorothy dotty dougal dragan dragana dritan dumitru dwayne dwight dylan
ebele eddie edgar edie edith edmund edna edward edwin effie efua egle ehsan eileen eilidh elaine eleanor elena
eleonora eleri elif elijah eliot elise elisha eliza elizabeth ella ellie ellie-mae elliot elliott eloise elsie elspeth
elzbieta emeka emilia emily emma emmanuel emmanuelle emmeline emre emyr enid enoch eoghan eoin ephraim erasmus eric
erica erika erin errol esau esme estelle esther ethan ethel etta euan eugene eugenia eugenie eunice eva evan
evangeline evelyn everett evie ewa ewan ewen ezra fabian fabrice fahad faheem fahim faisal faiza farhan fariha farzana
fatima fatma fatmir fawad felix fenella fenwick ferdinand fergus ffion ffiona filip finlay finley fiona fionn fleur
florin flossie folake fozia frances francesca francesco franco francois frankie franklyn freda freddie frederick
fredrick freja freya funmi gabby gabija gabriel gabriela gabriella gabrielle ganesh gareth garry gary gavin gaz gbenga
geeta gemma genevieve geoffrey george georgie georgina geraint gerald geraldine gerard germaine gertrude gethin
ghazala gheorghe ghislaine gillian gina ginny giovanna giovanni giselle giulia giuseppe gladys glenn glenys glynis
goran graeme graham grainne granville grazyna gregory greta gretchen griff griselda gruffydd grzegorz gurdeep gurpreet
gwen gwendolen gwendoline gwilym gwyn gwyneth haben hafsa hajra halima halina hamid hamish hamza hania hanif hank
hanna hannah haris harold haroon harpreet harriet harry harsh harsha hasan hashim hassan hassanali hayden hayley
hector heidi heinz helen helena henrietta henry herbert herman hermione hester hettie hetty hezekiah hiba hieu hilary
hilda hiroshi hodan hollie honor-mae horace hortensia hubert huda hugh hugo humaira humphrey hussain hussein huzaifa
hyacinth iain ian ibrahim idris ieuan ifeoma iffat ifrah ignacio ignatius igor ijaz ikram ilir ilona ilyas imani
imelda imke imogen imran imtiaz inaya inayah inderjit ines ingrid ingrid-mae inigo ioana ionut iqra iram irena irene
irfan irma iryna isaac isabel isabela isabella isabelle isadora isaiah isha isha-mae ishaan isla ismaeel ismail isobel
isolde iulia iulian ivan ivana iwan iwona jabbar jacinta jack jacob jacqueline jacques jacqui jaden jadwiga jagdeep
jagjit jago jake jakub jamal james jamie jamil jana jane janet janette janice janine janis janusz jasmeet jason jasper
jaspreet jatinder javed javeria javier jayden jaydn jayne jean-luc jean-paul jeanette jedidiah jeff jeffrey jelena
jemima jemma jenna jenni jennifer jenny jenson jeremiah jeremy jermaine jerome jerzy jess jessamy jessica jethro jian
jill jim jimmy joan joanna joanne joao jocasta jocelyn jodi jodie jody joe joel john johnny jolanta jonah jonas
jonathan joni jonny jonty jose josefina joseph josephine josh joshua josie joss joyce joyce-ann jozef juan juanita
judith julia julian juliana julie juliet juliette junaid jurgen justin justina justyna kacey kacper kadeem kaden
kaitlyn kamau kamil kamran kareem karen karim karin karina karl karolina kashif kat katarzyna kate kath katherine
kathleen kathryn kathy katie katrina katy katya kavita kayden kayla kayleigh kehinde keira keiran keiron keisha keith
kelly kelsey kelvin kemi kendra kendrick kenji kenneth kerry-ann kev kevin kezia keziah khadija khalid kian kiera
kieran kieron kiki kimberley kinga kiran-bibi kirsten kirstie kirsty klaus kofi kojo krishna kristaps krystyna
krzysztof kuldeep kulsoom kulwinder kurt kwabena kwaku kwame kwesi kyle kyra kyran kyron lacey lachlan ladonna laiba
laila lakshmi lancelot larisa larissa lars latoya laura lauren laurence laurentiu laurie lavender-rose laverne lavinia
lawrence layla lazarus leah leander leanne leila lena lennon leo leon leonard leonie leonora leopold leora leroy
lesley leslie leticia letitia lexi lexie leyla liam liesel liga lila lilian liliana lilith lillie lily-mae linda
lindsay-ann lionel lisa livia liviu liz lizzie lois lorcan lorenz lorenzo loretta lorna lottie lottie-mae louella
louie louis louisa louise lowri luca lucia lucian lucille lucille-mae lucinda lucy ludo ludovic lukasz luke lula
luqman lydia lyla lynda lyndon lyndsay lyndsey lynette lynn lynne lynsey lysander mabel mabel-rose maciej macsen
maddie maddison madeleine madeline madiha madison maeve magdalena maggie magnus maham maheen mahesh mahira mahmoud
maimoona maira mairead maisie maisy maja majid malachi malcolm malgorzata mallory malvina mandeep mandy manisha
manpreet mansoor mantas marc marcella marcia marcus marcy marek margaret margaux margery margot marguerite maria
mariam marianne marie marilyn marina-rose marisa marius mariusz marjorie marlene marlon marnie marsha marta martha
martin martina martyn mary maryam marzena masood mateen mateo mateusz mathew matilda matt matteo matthew maud maura
maureen maurice mavis maximilian maxine meera megan mehmet mehmood mehreen mehwish melanie melissa mercedes-rae
merry-ann mervyn mhairi mia michael michal michelle miguel mihaela mihai mike mildred milena millicent millie
millie-mae minahil minnie mirabel miranda mirela miriam misbah mischa misha mitchell mohamad mohamed mohammad mohammed
mohammod mohamud mohsin moin moira mollie molly monika monique montgomery morag mortimer mubashir mudassar muhammad
muhammed mukesh muneeb muriel muriel-ann murtaza musa mustafa mykola myra nabeel nabil nadeem nadia nadia-mae nadine
nadzieja naeem nafeesa naila naima najma nancy nanette naomi narelle naresh nargis naseem naseer nasir nasreen natalia
natalie nataliya natalya natasha nathan nathanael nathaniel nauman navdeep naveed nazia neha nehemiah neil nellie
nerissa nerys nesta netta nevaeh ngozi nia niamh niamh-rose nicholas nick nicola nicolae nicole nicolette nida nigel
nikhil nikita nikki nina nisha njeri nneka noah noelle nora noreen nouman nyasha nyla oana obadiah obinna odette oisin
oksana oleh oleksandr olena olga oliver olivia oliwia ollie olumide oluwaseun oluwaseyi oluwatobi omar ondrej oona
ophelia orla orlando orville oscar osian oskar osman osric oswald otieno otis ottilia ottilie ottoline ovidiu owen
pablo padraig pamela pamela-jane pandora pardeep parminder parveen parvez patricia patrick patrycja patti paul paula
paulette pauline paulo pawel pedro penelope percival peregrine persephone pete peter petronella phil philemon philip
philippa philippa-jane phillip philomena phoebe phyllis pierre piers piotr pippa pooja prakash pranav primrose-mae
priscilla priya prunella qasim queenie-may quentin quincy rabia rachael rachel rafael rafia rafiq rahila rahim rahul
raj rajesh rajinder rakesh ralph raluca ramesh ramona randolph ranjit raphael raquel rashid rauf raul ravi raymond
razia razvan rebecca reece reggie rekha renata reuben rhea rhianna rhiannon rhoda rhodri rhys ria riaz richard ricky
rihanna riley rimsha rita riya rizwan robert roberta robina roddy roderick rodney roger rohan roisin roland rolf rollo
romilly romy ronald ronan ronnie rory rosalia rosalie rosalind rosalyn rosamund rosanna rosemarie rosie rowena roxana
roxanne roxy roy ruaridh rubab rubina rudo rueben rufus rukhsana rupert ruqayyah ruth ruthie ryan ryszard saad sabir
sabrina sadia sadie saeed safdar safiya sahra saima saira sajid sakinah sakura salim salima sally salma salman salome
sam samantha sami samina samira sammy samson samuel sandeep sandie sandra sangeeta sania sanjay santiago saoirse
sapphira saqib sara sarah saraswati sarfraz sasha saskia saskia-mae satnam saul seamus sean sebastian seema selam
selena selina selwyn serafina sergei sergey seth shabnam shafiq shahbaz shahid shahzad shaista shakeel shameem shana
shane shanelle shania shanice shaniqua shanique shanti sharna sharon sharron shaun shauna shay shaz shazia sheila
shelagh shelly sheree sherrie sherwin sheryl shirin shirin-mae shoaib shona shpresa shreya sian sienna silas silvester
simeon simon simona simran simrat sinead sinitta siobhan siri slawomir snezana sobia sofia sohail sonia sonny sonya
sophia sophie sophronia soraya sorin stacey stacy stanislaw stefan stefano stefanos stephanie stephen stephie steve
steven stu stuart sukhdeep sulaiman sumaira sumaya sundas sunil sunita suresh surinder susan susanna susannah susie
suzanne suzie suzy sven svetlana swati sybil sybilla sylvester sylvia sylwia szymon tabassum tabatha tabitha tadeusz
tadhg tahira taimur talha tallulah tamara tamsin tamsyn tania tanisha tanveer tanya tara tariq tariro tarquin tarun
tasneem tatenda tatiana tatum tayyaba teagan tegan tehmina temitope tendai terence teresa terry tess tessa teuta thabo
thaddeus thalia thea thelma theo theodor theodora theodore theresa thiago thomas thomasin thomasina thurston tiana
tiegan tiernan tiffany tigist tilly tim timothy tina titilayo tobiah tobias tobin toby tom tomasz tommy toni tony
topaz-mae torquil tracey tracie tracy traian trev trevor tricia trish tristan trystan tunde tyler tyreese tyrell
tyrone uche ulysses umair umar una unity-mae uriah ursula urszula usman uzair uzma valentin valentina valeria valerie
vanda vandana vanessa varun vasile vaughn velma venetia vera veronica vesta vicki vicky vijay vikram vince vincent
viorel virgil virginia-mae vivian vivien vivienne vladimir vonda vytautas waheed wahid waldemar waleed walter wanda
wanjiru waqas warda warsame wasim wayne wendell wendy weronika wiktor wiktoria wilbur wilf wilfred wilhelm wilhelmina
william wilma winfred winifred winnie winona winsome winston wioletta wojciech wynne xander xanthe xavier xiu yannick
yaqub yash yasin yasir yasmin yasmine yemi yetunde yolanda yonas yousef youssef ysabel yuki yulia yunus yusra yusuf
yvette yvie yvonne zac zachary zack zadie zafar zaheer zahid zahra zain zainab zak zakia zandra zara zayn zaynab
zbigniew zebedee zechariah zeenat zeeshan zeke zelah zelda zena zeynep ziggy zinnia zita zoe zofia zoran zosia zoya
zubair zuleika zulfiqar zuri zuzanna zygmunt
"""
)

# Given names that are also words, months or places: names only where the words around say so.
GIVEN_OR_WORD = words_of(
    """
ada alba ali ama amber ana angel angelica april aria art ash ashley asma athena aurora autumn ava avril basil bay bea
bee bert beverley bill blake blessing bonnie boris bradley brandon brett brook brooke carol carole carter casey
cassidy celeste chance chantal charity chase chelsea chester christian clay clement cleo cliff clifford cody cole cora
cornel craig crystal curtis dai daily daisy dale damon dan dawn dean demi destiny dev devon diamond dolly don dora dot
douglas drew duke duncan dune earl earnest eden elvis ernest esi eve faith farah farai fern finn flora florence forest
francis frank fraser fred gail gale gene georgia gilbert giles ginger glen godfrey goldie gordon grace grant gus guy
habib hal harley harmony harper harvey hazel heath heather herb holly honey honor hope howard hunter ida iman india
ira iris ivy jade jan jarvis jasmine jay jean jed jen jerry jersey jet jewel jo jordan joy jules juma jun june kai
kane ken kent kerry kim kiran kit kitty lance lane lark laurel lavender lee leigh les levi lewis liberty lilly lily
lincoln linden lindsey linh link logan lola lorraine lou luan lucky luna mackenzie major maple marian marina marion
mark mason max may meg mei melody mercedes mercy merlin milan miles mimi mina minh misty mona moon morgan moses myrtle
nana ned nell nelson nguyen noble nolan noor norma norman nova odessa olive olu otto paige pansy paris parker pat
patience pearl peggy penny percy petra phoenix pip poppy precious preston prince prudence queenie quinn rafferty rani
rasa raven ray reed reef reg regan regina rex rich rio river rob robin roman romeo ron rosa rose rosemary ross rowan
ruby russell ruta sage saif sana sandy scarlett scott seren shannon sharif shelley sheridan sherry shirley sid sidney
sky skye sol solomon spike stan stanley star stella sterling stew stewart stone storm sue summer taiwo tammy tansy
tawny teddy temperance thanh tia tibor trinity troy ty tyne unity valentino verity vernon vi victor victoria viola
violet viv wade wale wallace wei wesley whitley will willow wren yaw ying zane zeus
"""
)

# Surnames that are nothing else.
SURNAMES = words_of(
    """
abbott ackroyd adams adebayo adeyemi ahmed akhtar allen anderson andrews armstrong arnold asante ashton ashworth
atkins atkinson bailey baker baldwin barker barlow barnett barrett bartlett barton baxter begum bennett benson bentley
bevan bianchi bibi blenkinsop bloggs boateng bowen boyle bradley bradshaw brady brennan briggs brookes browne bryant
burgess burke burrows byrne campbell carey carroll carter cartwright chadwick chapman charlton chaudhry chen chikwanha
choudhury chowdhury clark clarke clayton clements coates coleman collier collins connolly conway cooke craig crawford
cunningham daly daniels davey davidson davies davis davison desai dickinson dobson dodd doherty donnelly doyle duffy
edwards elliott ellis entwistle evans fairbrother farrell faulkner featherstone ferguson fernandez ferrari finch
fitzgerald fleming fletcher flynn forster franklin fraser fry fuller gallagher garcia gardiner garner gibbons gibbs
gibson gilbert giles goddard godfrey goodfellow goodwin gough gould greenhalgh greenwood griffin griffiths gupta
hamilton hammond hancock hanson harding hardy hargreaves harper harris harrison harvey hawkins haworth hayes hayward
henderson herbert hewitt hicks higgins hobbs hodgson holden holmes hooper hopkins hossain howard howarth howe howell
howells huang hudson hughes humphreys humphries hussain hutchinson ingram ionescu iqbal ivanov jackson jarvis jenkins
jennings johnson johnston jones joshi kaminski kaur kavanagh kelly khan knowles kovalenko kowalczyk kowalska kowalski
kumar lambert lau lawson lewandowski lynch lyons macdonald mackenzie macleod mahmood malik matthews mcallister
mccarthy mcdonald mcgregor mcintyre mckenna mckenzie mclean mehta mensah metcalfe miah miller mistry mitchell moore
morgan morris morrison morton moyo muller murphy murray mutasa myers naylor ndlovu nelson newman nguyen nicholls
nicholson nixon nkosi nolan nowak o'brien o'connor o'donnell o'neill o'reilly o'sullivan ogunleye okafor okonkwo
oldroyd osborne osei owens owusu palmer parkes parkin parkinson parry parsons patel patterson payne pearce pearson
pereira perkins perry peters petrov phillips pickering pollard popescu powell pritchard pugh quinn rahman ramsbottom
randall rees reeves reid reynolds richards richardson riley roberts robertson robinson robson rodriguez rogers ross
rossi russell sanders sanderson saunders schmidt schofield shah sharma sheppard shevchenko sibanda simmons sims
sinclair singh slater smith smith-jones stephens stephenson stevens stevenson storey sullivan sutcliffe sykes
thistlethwaite thompson thomson thorpe tomlinson townsend tran turnbull uddin vaughan wallace wallis walsh walton
warner watkins watson watts webb welch whitehead whitehouse whittaker wilkins wilkinson williams williamson willis
wilson winterbottom wisniewska wisniewski wojcik wong woodward yates zhang zielinska zielinski
"""
)

# Surnames that are also words, places or given names: names only after a given name or a title.
SURNAMES_OR_WORD = words_of(
    """
alexander ali allan archer ash austin ball banks barber barnes barry bates bath bell berry best birch bird bishop
black blackburn blake bolton bond booth bradford bray brook brooks brown bruce bryan buckley bull burns burton butcher
butler cameron carpenter carr chamberlain chambers chan chandler cheung clay cole coles connor cook cooper costa cox
cross curtis dale david dawson day dean dennis devon dixon douglas duncan dunn dyer english farmer field fisher ford
foster fowler fox francis freeman french frost gardener gardner george gill glover gordon graham grant gray green
gregory hale halifax hall hart hartley hastings haynes heath henry hill hilton holiday holland holloway holt hope
horton houghton house hunt hunter hurst hyde islam james john jordan joyce kay kemp kennedy kent kerr king kirby kirk
knight lamb lane law lawrence leach lee lees leonard lester lewis lincoln little lloyd long lord lowe lucas mann
manning marsden marsh marshall martin mason may mellor middleton miles mills moran morley moss nash newton ng noble
norman norris north norton oliver owen page park parker peacock poole pope porter potter potts power pratt preston
price read reed rhodes rice rose rowe rowley ryan santos savage scott sharp sharpe shaw shepherd short silva simpson
skinner smart spencer stanley steele stewart stokes stone summers sutton swift swindon talbot taylor thomas thornton
todd tucker turner tyler vincent wade walker wall walters wang ward warren waters weaver webster wells west weston
wheeler white winter wood woods wright wyatt young
"""
)
